# A script may be a stranger's: what it may read and write.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"
mkdir home home/sub outside
printf 'fn double(x) = x * 2\n' | tee home/kit.chr home/sub/kit.chr outside/kit.chr >/dev/null
ln -s ../outside/kit.chr home/out.chr
ln -s ../outside home/outfolder
ln -s kit.chr home/in.chr
mkfifo home/pipe.chr

try() { # NAME EXIT-CODE
    printf 'import "%s"\npatch saw double(110) > out\n' "$1" >home/main.chr
    expect "$2" check home/main.chr
}
try kit.chr 0
try sub/kit.chr 0
try in.chr 0
try ./kit.chr 0
try ../outside/kit.chr 1
try sub/../kit.chr 1
try "$work/home/kit.chr" 1
try out.chr 1
try outfolder/kit.chr 1
try pipe.chr 1
try sub 1
try missing.chr 1
try /etc/passwd 1
try /dev/zero 1
try '' 1
head -c 20000000 /dev/zero | tr '\0' '#' >home/large.chr
try large.chr 1

# Saving again keeps the former text beside the new one; a patch is a script like any other.
printf 'patch saw 220 > out\nsave patch "a b"\n' | expect 0 --null
printf 'patch saw 330 > out\nsave patch "a b"\n' | expect 0 --null
grep -q 330 'patches/a b.chr' || fail "the second save was lost"
grep -q 220 'patches/a b.chr~' || fail "the first save was lost"
expect 0 check 'patches/a b.chr'
# A folder that is a link is not followed.
rm -r patches
ln -s outside patches
printf 'patch saw 220 > out\nsave patch "x"\n' | expect 3 --null
[ ! -e outside/x.chr ] || fail "a save followed a link out of its folder"
finish
