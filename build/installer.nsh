; Additions to the Windows installer. electron-builder's own scripts do not register protocols.
; SHCTX is the registry of the user, or of the machine when the installer installs for all users.
!macro customInstall
  WriteRegStr SHCTX "Software\Classes\muster" "" "URL:Muster join link"
  WriteRegStr SHCTX "Software\Classes\muster" "URL Protocol" ""
  WriteRegStr SHCTX "Software\Classes\muster\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend
!macro customUnInstall
  DeleteRegKey SHCTX "Software\Classes\muster"
!macroend
