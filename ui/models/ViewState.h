// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"
#include "core/filter/Filter.h"

#include <QObject>
#include <QString>

#include <filesystem>

namespace weir {

/// The range of time that every view shows. Live is the range that ends now.
struct TimeRange
{
    bool live = true;
    Nanoseconds span = std::chrono::minutes(5); ///< live: how far back the views reach
    Timestamp from = kNoTime;                   ///< fixed ranges: [from, to)
    Timestamp to = kNoTime;
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// What the whole window looks at: one history, one time range, one filter (promise 2: every view is a
/// function of these). Pages follow its signals and never keep their own copies. gui thread.
class ViewState : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] const std::filesystem::path& history() const { return m_history; }
    [[nodiscard]] const TimeRange& range() const { return m_range; }
    [[nodiscard]] const Filter& filter() const { return m_filter; }

    void setHistory(std::filesystem::path history);
    void setRange(const TimeRange& range);
    void setFilter(const Filter& filter);

signals:
    void historyChanged();
    void rangeChanged();
    void filterChanged();
    /// The live range that is shown was chosen once more: who stopped following it goes on.
    void liveAgain();

private:
    std::filesystem::path m_history;
    TimeRange m_range;
    Filter m_filter;
};

} // namespace weir
