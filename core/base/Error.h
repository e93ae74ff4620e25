// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace weir {

/// What kind of failure it was, for callers that act on it; people read the texts.
enum class ErrorCode {
    Usage,       ///< the request itself is wrong
    NotFound,    ///< no such file, context, stream, …
    Permission,  ///< the file system or the broker refuses
    Io,          ///< a device failed
    DiskFull,    ///< no room
    Busy,        ///< held by someone else
    Format,      ///< bytes that are not what they should be
    Unsupported, ///< a newer format or an older server
    Network,     ///< name, TCP or a lost connection
    Tls,         ///< certificate or handshake
    Auth,        ///< the broker refuses who we are
    Timeout,
    Cancelled,
    Limit, ///< over a bound of ours
    Internal
};

/// One failure, told so that the reader can act. Never holds a secret.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string what; ///< what failed: "opening history.db"
    std::string why;  ///< the cause: "it is a directory"
    std::string hint; ///< what to do; may be empty

    /// `WHAT failed: WHY (WHAT TO DO)`, the one line that every surface prints.
    [[nodiscard]] std::string line() const
    {
        std::string text = what + " failed: " + why;
        if (!hint.empty())
            text += " (" + hint + ")";
        return text;
    }
};

} // namespace weir
