# Flags that every target has. -ffp-contract=off because the ranking path promises the same bits on
# every machine, and a fused multiply-add rounds once where two operations round twice.
add_library(groove_flags INTERFACE)
target_compile_options(groove_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wno-sign-conversion -Wno-missing-field-initializers -ffp-contract=off -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(groove_flags INTERFACE -fpch-preprocess)  # else ccache passes units with a precompiled header by
endif()
target_include_directories(groove_flags INTERFACE ${CMAKE_SOURCE_DIR})
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
if(NOT GROOVE_SANITIZE STREQUAL "")
  target_compile_options(groove_flags INTERFACE -fsanitize=${GROOVE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(groove_flags INTERFACE -fsanitize=${GROOVE_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(groove_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
if(GROOVE_FUZZ)
  target_compile_options(groove_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_link_options(groove_flags INTERFACE -Wl,-z,relro,-z,now)

# groove_library(NAME SOURCES... LINKS...): pure computation; it sees workers/base and what it names.
function(groove_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC groove_flags ${ARG_LINKS})
endfunction()

# groove_program(NAME SOURCES... LINKS...): one binary a process.
function(groove_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE groove_flags ${ARG_LINKS})
endfunction()
