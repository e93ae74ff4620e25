// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/HistoryReader.h"

#include <utility>

namespace weir {

Result<ScanSummary> HistoryReader::count(const HistoryQuery& query, std::stop_token stop)
{
    HistoryQuery counted = query;
    counted.columns = 0;
    return scan(counted, std::move(stop), [](const auto&) { return true; });
}

} // namespace weir
