@rem Lets the npm scripts say `exec node ...` on Windows too. On POSIX `exec` removes the shell between npm and us,
@rem which otherwise dies of a signal without passing it on: the program would be left running, and its exit code lost.
@%*
