// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace weir::test {

/// Milliseconds until the next look at a broker, for QTRY_*_WITH_TIMEOUT. Looking rests 125 times as long as
/// an answer took (MonitoredServer): two seconds an answer is what a machine with other things to do, or a
/// sanitizer, may make of it.
constexpr int kLookPatience = 125 * 2'000;

} // namespace weir::test
