@rem The npm scripts begin with "exec": a POSIX shell then replaces itself with the program, so the program receives
@rem the signals and npm its exit code. cmd.exe has no command "exec" and finds this file instead.
@%*
