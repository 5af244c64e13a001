# Adds a folder to the PATH of the user, or removes it. The installer runs this: in its own language a PATH over 1024 characters would be cut.
# Variables in the PATH stay as they are, such as %USERPROFILE%.
param([Parameter(Mandatory)][ValidateSet('add', 'remove')][string]$Action, [Parameter(Mandatory)][string]$Folder)
$key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment', $true)
$path = [string]$key.GetValue('Path', '', 'DoNotExpandEnvironmentNames')
$folders = @($path -split ';' | Where-Object { $_ -ne '' -and $_ -ne $Folder })
if ($Action -eq 'add') { $folders += $Folder }
$key.SetValue('Path', ($folders -join ';'), 'ExpandString')
$key.Close()
