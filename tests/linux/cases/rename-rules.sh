# SPDX-License-Identifier: MIT
# mv replaces files, refuses non-empty folders, and nests.
echo 1 >a; echo 2 >b; mv a b; cat b; ls
mkdir d e; touch e/x; mv b d; ls d
mv d e; ls e
mkdir f f/g; mv f f/g; echo $?
mkdir h h/e; touch h/e/x; mv h/e .; echo $?
mv none x; echo $?
