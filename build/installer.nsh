; Additions to the Windows installer. electron-builder's own scripts register no protocols and no command line.
; SHCTX is the registry of the user, or of the machine when the installer installs for all users.
!macro commandLinePath ACTION
  ; Without a path, Windows looks in the folder of the installer first, where other downloads are.
  nsExec::Exec '"$SYSDIR\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$INSTDIR\command-line-path.ps1" ${ACTION} "$INSTDIR\cli"'
  Pop $0
  ; Programs that start later get the new PATH.
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
!macroend
!macro customInstall
  WriteRegStr SHCTX "Software\Classes\muster" "" "URL:Muster join link"
  WriteRegStr SHCTX "Software\Classes\muster" "URL Protocol" ""
  WriteRegStr SHCTX "Software\Classes\muster\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro commandLinePath add
!macroend
!macro customUnInstall
  !insertmacro commandLinePath remove
  DeleteRegKey SHCTX "Software\Classes\muster"
!macroend
