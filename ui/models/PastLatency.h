// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryFollower.h"
#include "core/latency/LatencyJudgement.h"
#include "ui/models/ReaderThread.h"
#include "ui/models/ViewState.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace weir {

/// What the PoPs' latencies were in a stretch as long as the one that is shown, a day, a week or an hour
/// before it (the first of these of which there are messages), out of the sums. Nothing where the filter asks
/// for more than sums know. A live range's past moves on with it, once a minute. gui thread; reads on a
/// thread of its own.
class PastLatency : public QObject
{
    Q_OBJECT
public:
    /// `state` outlives it.
    PastLatency(ViewState& state, HistoryFollower::Opener open, QObject* parent = nullptr);
    ~PastLatency() override;

    [[nodiscard]] const EarlierFigures& figures() const { return m_figures; }

signals:
    void changed();

private:
    void restart();
    void read();

    ViewState& m_state;
    HistoryFollower::Opener m_open;
    EarlierFigures m_figures;
    QTimer m_restart; ///< gathers changes of history, range and filter that come together
    QTimer m_again;
    std::uint64_t m_generation = 0;
    std::unique_ptr<ReaderThread> m_reader;
};

} // namespace weir
