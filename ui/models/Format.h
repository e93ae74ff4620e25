// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Gap.h"
#include "core/base/Time.h"
#include "core/identity/IdentityTable.h"

#include <QString>

#include <cstdint>
#include <string_view>

namespace weir {

// How the pages write latencies, moments, gaps and evidence (numbers and bytes: Figures.h). Any thread.

[[nodiscard]] QString formatLatency(Nanoseconds latency); ///< 4.21 ms; "clock skew" below 0; – when unknown

[[nodiscard]] QString formatMoment(Timestamp time); ///< 2026-11-20 23:45:08.123 456 789 UTC
[[nodiscard]] QString formatLocal(Timestamp time);  ///< 2026-11-21 00:45:08.123 and the zone's name

/// What a gap's row says: "12 s not recorded: disconnected, at least 1,204 messages missing".
[[nodiscard]] QString describeGap(const Gap& gap, std::size_t merged = 1);
[[nodiscard]] QString gapCauseWords(GapCause cause);

[[nodiscard]] QString evidenceWord(Evidence evidence);
/// What that word means, one sentence for tool tips.
[[nodiscard]] QString evidenceMeaning(Evidence evidence);
/// The same of one message that came at `when`: says, too, why a token that was checked proves nothing.
[[nodiscard]] QString evidenceMeaning(const Identity& identity, Evidence evidence, Timestamp when);
/// "Within its time when the message came", or why a token proves nothing any more.
[[nodiscard]] QString validityWords(const Identity& identity, Timestamp when);

/// A name that anybody may have chosen, fit to be shown on one line: controls, direction overrides and what
/// else cannot be seen are spelled out, heaps of marks cut, at most `limit` bytes of it.
[[nodiscard]] QString shownName(std::string_view name, std::size_t limit = 256);

/// UTF-8 as text, with everything that is not printable text escaped: \n, \t, \xff. `limit` in bytes.
[[nodiscard]] QString escaped(std::string_view bytes, std::size_t limit = 4096);

[[nodiscard]] inline QString toText(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

} // namespace weir
