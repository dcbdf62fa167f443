# Writes the library's files into a C file: `chr_stdlib`, `chr_tunings` and their counts of lang/stdlib.h.
set(text "/* made by cmake/embed.cmake from the files of stdlib */\n#include \"lang/stdlib.h\"\n\n")

# TABLE: the C array; PART: of the file's name that names it (NAME_WE or NAME).
function(embed TABLE PART FILES)
    set(rows "")
    set(count 0)
    foreach(file IN LISTS FILES)
        get_filename_component(name ${file} ${PART})
        file(READ ${file} hex HEX)
        string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
        string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
        string(APPEND text "static const char ${TABLE}_${count}[] = {${bytes}0};\n")
        string(APPEND rows "    {\"${name}\", ${TABLE}_${count}, sizeof ${TABLE}_${count} - 1},\n")
        math(EXPR count "${count} + 1")
    endforeach()
    set(text "${text}\nconst chr_library_file ${TABLE}[] = {\n${rows}    {0, 0, 0},\n};\nconst int ${TABLE}_count = ${count};\n" PARENT_SCOPE)
endfunction()

embed(chr_stdlib NAME_WE "${FILES}")
embed(chr_tunings NAME "${TUNINGS}")
file(WRITE ${OUT} "${text}")
