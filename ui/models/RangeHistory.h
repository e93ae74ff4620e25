// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "ui/models/ViewState.h"

#include <QObject>

#include <vector>

namespace weir {

/// The ranges that were looked at before, so that a look closer has a way back, and what pausing and going
/// live mean. gui thread.
class RangeHistory : public QObject
{
    Q_OBJECT
public:
    /// `state` and `clock` outlive it.
    RangeHistory(ViewState& state, Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] bool canGoBack() const { return !m_earlier.empty(); }
    void goBack();
    /// Holds the range that is shown now; nothing is lost: the capture goes on, and live shows it again.
    void pause();
    /// The range that ends now, as long as the live range before.
    void goLive();
    /// Fixed ranges move by whole lengths: -1 earlier, +1 later. A live range is held first.
    void shift(int lengths);
    /// Twice as long (or half) around the middle; a live range stays live.
    void zoom(bool out);
    /// The range as moments: a live one ends now.
    [[nodiscard]] TimeRange resolved() const;
    [[nodiscard]] Timestamp now() const { return m_clock.now(); }

signals:
    void changed();

private:
    void remember();

    ViewState& m_state;
    Clock& m_clock;
    TimeRange m_current;
    Nanoseconds m_liveSpan;
    std::vector<TimeRange> m_earlier;
    bool m_goingBack = false;
};

} // namespace weir
