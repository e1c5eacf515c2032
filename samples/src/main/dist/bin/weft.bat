@echo off
rem Runs Weft's command line. Wants Java 17 or newer, from JAVA_HOME or else from PATH.
rem WEFT_JAVA_OPTS holds further options for Java, separated by blanks.
setlocal

set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"

rem Drawing takes a fraction of the time with Java's vector module, which some Javas leave out.
set "vector="
for %%c in (demo sample complete serve bench doctor) do if "%~1"=="%%c" set "vector=--add-modules=jdk.incubator.vector"
if defined vector ("%java%" %vector% -version >nul 2>&1 || set "vector=")

rem The major version, from a line such as: openjdk version "17.0.15" 2025-04-15
set "version="
for /f "tokens=3" %%v in ('""%java%" -version 2>&1" ^| findstr /c:" version "') do if not defined version set "version=%%~v"
if not defined version (
  echo weft: found no java; install Java 17 or newer, or set JAVA_HOME 1>&2
  exit /b 1
)
for /f "tokens=1 delims=.-+" %%m in ("%version%") do set "major=%%m"
if %major% LSS 17 (
  echo weft: found Java %version%, expected 17 or newer; set JAVA_HOME to one 1>&2
  exit /b 1
)

rem TensorFlow's native library logs to standard error; 2 leaves errors only.
if not defined TF_CPP_MIN_LOG_LEVEL set "TF_CPP_MIN_LOG_LEVEL=2"
rem Each of TensorFlow's sessions has threads of its own: training in micro-batches computes with one.
if not defined TF_OVERRIDE_GLOBAL_THREADPOOL set "TF_OVERRIDE_GLOBAL_THREADPOOL=1"

"%java%" ^
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 ^
  --enable-native-access=ALL-UNNAMED %vector% ^
  %WEFT_JAVA_OPTS% ^
  -cp "%~dp0..\lib\*" io.weft.samples.cli.Weft %*
exit /b %ERRORLEVEL%
