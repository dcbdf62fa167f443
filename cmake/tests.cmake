# Tests. Each tests/{unit,contract,render}/*.c is a program of its own, linked with cmocka; ctest labels are folder names.
# Shell-driven tests are added by the tests.cmake beside them.
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

file(GLOB support_sources CONFIGURE_DEPENDS tests/support/*.c)
if(support_sources)
    add_library(test_support STATIC ${support_sources})
    target_link_libraries(test_support PUBLIC engine PkgConfig::SNDFILE PkgConfig::EBUR128 m)
endif()

foreach(label unit contract render realtime)
    file(GLOB programs CONFIGURE_DEPENDS tests/${label}/*.c)
    foreach(program IN LISTS programs)
        get_filename_component(name ${program} NAME_WE)
        add_executable(${label}_${name} ${program})
        target_link_libraries(${label}_${name} PRIVATE engine PkgConfig::CMOCKA m)
        if(support_sources)
            target_link_libraries(${label}_${name} PRIVATE test_support)
        endif()
        target_compile_definitions(${label}_${name} PRIVATE CHRONUS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
        add_test(NAME ${label}/${name} COMMAND ${label}_${name})
        set_tests_properties(${label}/${name} PROPERTIES LABELS ${label} TIMEOUT 300)
    endforeach()
endforeach()

file(GLOB test_folders CONFIGURE_DEPENDS tests/*/tests.cmake)
foreach(folder IN LISTS test_folders)
    include(${folder})
endforeach()

# Sees the calls that the audio thread must not make.
foreach(function malloc calloc realloc aligned_alloc free pthread_mutex_lock write)
    target_link_options(realtime_no_calls PRIVATE LINKER:--wrap=${function})
endforeach()
# Lets allocations fail.
foreach(function malloc calloc realloc aligned_alloc strdup)
    target_link_options(realtime_no_memory PRIVATE LINKER:--wrap=${function})
endforeach()
# Dies at a system call.
foreach(function mkdirat openat flock fstat fstatat ftruncate write fsync renameat renameat2 linkat unlinkat close)
    target_link_options(unit_saving PRIVATE LINKER:--wrap=${function})
endforeach()
# Knows a module more.
foreach(function chr_registry_build chr_registry_find chr_registry_modules)
    target_link_options(unit_poisoned_modules PRIVATE LINKER:--wrap=${function})
endforeach()
