// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/Output.h"
#include "core/capture/CaptureSession.h"

#include <string>

namespace weir::cli {

/// What is missing, by where it went: "nothing", or "12 dropped by the broker, …, 1 gap".
[[nodiscard]] std::string missingInWords(const Coverage& coverage);

/// Tells on stderr how a recording goes: trouble in a line each time it begins and ends, and progress where
/// stderr is a terminal.
class RecordReport
{
public:
    RecordReport();
    void show(const CaptureStatus& status);
    /// Says on stderr when tokens cannot be verified, and when they can again. Also once after the end.
    void tellKeys(const CaptureStatus& status);
    /// Clears the line of progress.
    void end() const;
    /// The recording's end, on stdout.
    static void printResult(const CaptureStatus& status, Format format);

private:
    void tell(const std::string& text) const;
    void tellStore(const CaptureStatus& status);
    void tellConnection(const ConnectionStatus& status);
    void showProgress(const CaptureStatus& status) const;

    bool m_progress;
    bool m_storeFails = false;
    bool m_away = false;
    std::string m_warning;
    std::string m_keysProblem;
    std::uint32_t m_oneIn = 1;
};

} // namespace weir::cli
