@rem The npm scripts begin with "exec": a POSIX shell then becomes the program, so that the program gets the signals
@rem and npm its exit code. cmd.exe has no such command and finds this file instead.
@%*
