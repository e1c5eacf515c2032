@echo off
rem Runs Weft's command line. Wants Java 17 or newer, from JAVA_HOME or else from PATH.
rem WEFT_JAVA_OPTS holds further options for Java, separated by blanks.
setlocal

set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"

rem Drawing, coding and all else without TensorFlow take a fraction of the time with Java's vector
rem module, which some Javas leave out.
set "vector="
set "spark="
for %%c in (demo sample complete serve bench doctor compress decompress) do if "%~1"=="%%c" set "vector=yes"
set "before="
call :words %*
if defined vector set "vector=--add-modules=jdk.incubator.vector"
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

rem With --spark a cluster works, by the Spark of SPARK_HOME; bin/weft says why its jars come first.
set "classpath_=%~dp0..\lib\*"
set "options="
if defined spark (
  set "classpath_=%SPARK_HOME%\conf;%SPARK_HOME%\jars\*;%classpath_%;%HADOOP_CONF_DIR%"
  set "options=-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider -Dslf4j.internal.verbosity=WARN"
  call :open java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util
  call :open java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs
  call :open sun.security.action sun.util.calendar
)

"%java%" ^
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 ^
  --enable-native-access=ALL-UNNAMED %vector% %options% ^
  %WEFT_JAVA_OPTS% ^
  -cp "%classpath_%" io.weft.samples.cli.Weft %*
exit /b %ERRORLEVEL%

rem What the words say that matters here; a list in parentheses would end at the first one among them.
rem A batch file's words are parted at the equals sign too.
:words
if "%~1"=="" exit /b 0
if "%~1"=="--spark" if defined SPARK_HOME set "spark=yes"
if "%before%"=="--device" if "%~1"=="jvm" set "vector=yes"
set "before=%~1"
shift
goto words

:open
for %%p in (%*) do call set "options=%%options%% --add-opens=java.base/%%p=ALL-UNNAMED"
exit /b 0
