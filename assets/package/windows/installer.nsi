; The installer for Windows, for one person: it asks for no administrator.
; makensis gets VERSION, NUMBERS, TREE (what is installed) and OUT, and SIGN, a
; command that signs the file named after it, where there is one.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma

!include MUI2.nsh
!include LogicLib.nsh

!define ID "io.github.cuewire"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"

Name "Cuewire"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Cuewire"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
ManifestDPIAware true
ManifestSupportedOS Win10
BrandingText "Cuewire ${VERSION}"

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 "ProductName" "Cuewire"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${NUMBERS}"
VIAddVersionKey /LANG=0 "FileDescription" "Cuewire setup"
VIAddVersionKey /LANG=0 "CompanyName" "The Cuewire founders"
VIAddVersionKey /LANG=0 "LegalCopyright" "© 2026 The Cuewire founders"

!define MUI_ICON "../../icons/cuewire.ico"
!define MUI_UNICON "../../icons/cuewire.ico"
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_TEXT "$(FinishText)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\cuewire.exe"

!insertmacro MUI_PAGE_LICENSE "${TREE}/LICENSE.txt"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "PortugueseBR"
!include words.nsh

!ifdef SIGN
!uninstfinalize '${SIGN} "%1"' = 0
!endif

; A running Cuewire keeps its file open: nothing is changed before it is closed.
!macro RefuseWhileRunning
	${Do}
		ClearErrors
		${IfNot} ${FileExists} "$INSTDIR\cuewire.exe"
			${ExitDo}
		${EndIf}
		FileOpen $0 "$INSTDIR\cuewire.exe" a
		${IfNot} ${Errors}
			FileClose $0
			${ExitDo}
		${EndIf}
		MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(CloseFirst)" /SD IDCANCEL IDRETRY +3
		SetErrorLevel 2
		Abort "$(CloseFirst)"
	${Loop}
!macroend

Section "Cuewire" Main
	SectionIn RO
	!insertmacro RefuseWhileRunning
	SetOutPath "$INSTDIR"
	File "${TREE}/cuewire.exe"
	File "${TREE}/LICENSE.txt"
	File "${TREE}/THIRD-PARTY.txt"
	WriteUninstaller "$INSTDIR\uninstall.exe"
	CreateShortcut "$SMPROGRAMS\Cuewire.lnk" "$INSTDIR\cuewire.exe"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Cuewire"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\cuewire.exe"
	WriteRegStr HKCU "${UNINSTALL}" "Publisher" "The Cuewire founders"
	WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
	WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
	WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
	WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
	WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
	SectionGetSize ${Main} $0
	WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

Section "$(DesktopName)" Desktop
	CreateShortcut "$DESKTOP\Cuewire.lnk" "$INSTDIR\cuewire.exe"
SectionEnd

; The same value that Cuewire's own settings write.
Section /o "$(StartName)" Start
	WriteRegStr HKCU "${RUN}" "Cuewire" '"$INSTDIR\cuewire.exe" --hidden'
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
!insertmacro MUI_DESCRIPTION_TEXT ${Main} "$(MainAbout)"
!insertmacro MUI_DESCRIPTION_TEXT ${Desktop} "$(DesktopAbout)"
!insertmacro MUI_DESCRIPTION_TEXT ${Start} "$(StartAbout)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; Rooms, settings and backups in %LOCALAPPDATA%\cuewire stay.
Section "Uninstall"
	!insertmacro RefuseWhileRunning
	Delete "$INSTDIR\cuewire.exe"
	Delete "$INSTDIR\LICENSE.txt"
	Delete "$INSTDIR\THIRD-PARTY.txt"
	Delete "$INSTDIR\uninstall.exe"
	RMDir "$INSTDIR"
	Delete "$SMPROGRAMS\Cuewire.lnk"
	Delete "$DESKTOP\Cuewire.lnk"
	DeleteRegKey HKCU "${UNINSTALL}"
	DeleteRegValue HKCU "${RUN}" "Cuewire"
	DetailPrint "$(DataStays)"
SectionEnd
