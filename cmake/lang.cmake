# The language: lexer by re2c, grammar by Lemon, both run here; nothing generated is committed.
find_program(RE2C re2c REQUIRED)
find_program(LEMON lemon REQUIRED)
find_file(LEMON_TEMPLATE lempar.c PATHS /usr/share/lemon REQUIRED)

set(generated ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated}/lang)
include_directories(${generated})

add_custom_command(
    OUTPUT ${generated}/lang/lexer.c
    COMMAND ${RE2C} -W --no-generation-date -i -o ${generated}/lang/lexer.c ${CMAKE_SOURCE_DIR}/lang/lexer.re
    DEPENDS lang/lexer.re
    VERBATIM)
# Lemon exits with the number of conflicts, so a conflict stops the build.
add_custom_command(
    OUTPUT ${generated}/lang/grammar.c ${generated}/lang/grammar.h
    COMMAND ${LEMON} -q -l -T${LEMON_TEMPLATE} -d${generated}/lang ${CMAKE_SOURCE_DIR}/lang/grammar.y
    DEPENDS lang/grammar.y
    VERBATIM)

add_library(lang_generated OBJECT ${generated}/lang/lexer.c ${generated}/lang/grammar.c)
target_compile_options(lang_generated PRIVATE -w) # not ours to tidy

# The library of instruments and tunings, as C strings.
file(GLOB stdlib_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/stdlib/*.chr)
file(GLOB tuning_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/stdlib/tunings/*.scl ${CMAKE_SOURCE_DIR}/stdlib/tunings/*.kbm)
add_custom_command(
    OUTPUT ${generated}/lang/stdlib.c
    COMMAND ${CMAKE_COMMAND} -DOUT=${generated}/lang/stdlib.c "-DFILES=${stdlib_files}" "-DTUNINGS=${tuning_files}" -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${stdlib_files} ${tuning_files} cmake/embed.cmake
    VERBATIM)

file(GLOB lang_sources CONFIGURE_DEPENDS lang/*.c lang/check/*.c)
add_library(lang ${CHRONUS_PARTS} ${lang_sources} ${generated}/lang/stdlib.c $<TARGET_OBJECTS:lang_generated>)
add_dependencies(lang lang_generated)
target_compile_options(lang PRIVATE ${CHRONUS_WARNINGS} ${CHRONUS_COUNTED})
target_link_libraries(lang PUBLIC dsp m)
