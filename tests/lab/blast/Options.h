// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace weir::blast {

/** What the command line asks for. */
struct Options
{
    std::string host = "127.0.0.1";
    std::string port = "4222";
    std::string user;
    std::string pass;
    std::string prefix = "blast";
    std::size_t size = 128;   ///< payload bytes
    unsigned headers = 3;     ///< 0: none; 3: Cf-Ray, X-Edge-Sent-At, traceparent; 4: also X-Edge-Worker
    std::size_t subjects = 1; ///< distinct subjects PREFIX.0 …
    std::size_t groups = 0;   ///< of subjects: PREFIXaaa.0, PREFIXaab.1 …; 0: the prefix as it is
    std::uint64_t rate = 0;   ///< messages a second in all, 0: as fast as it goes
    std::uint64_t count = 0;  ///< messages in all, 0: until the duration ends
    std::chrono::duration<double> duration{0};
    unsigned connections = 1;
};

/** Reads the command line; on a wrong one says why on stderr and returns nothing. */
std::optional<Options> parseOptions(int argc, char** argv);

} // namespace weir::blast
