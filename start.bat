@echo off
rem Starts the gateway from a clone; options go to it: start.bat --port 9000
rem What is missing is installed first. No variable is printed or changed.
setlocal
cd /d "%~dp0"

where node >nul 2>nul
if errorlevel 1 (
  echo Node.js 20 or newer is needed: https://nodejs.org 1>&2
  exit /b 1
)
node -e "process.exit(Number(process.versions.node.split(\".\")[0]) >= 20 ? 0 : 1)"
if errorlevel 1 (
  echo Node.js 20 or newer is needed; this is an older one. 1>&2
  exit /b 1
)

rem npm writes the second file when it is done, so an installation that was cut short is begun again.
node -e "const {statSync}=require(\"fs\");process.exit(statSync(\"node_modules/.package-lock.json\",{throwIfNoEntry:false})?.mtimeMs >= statSync(\"package-lock.json\").mtimeMs ? 0 : 1)"
if errorlevel 1 (
  echo Installing what the gateway needs ... 1>&2
  call npm ci --no-audit --no-fund
  if errorlevel 1 exit /b 1
)

call npm start --silent -- %*
