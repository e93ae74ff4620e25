// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/LatencyTracker.h"
#include "ui/models/FollowedSinks.h"
#include "ui/models/LatencyTableModel.h"
#include "ui/views/Page.h"

#include <QElapsedTimer>
#include <QThreadPool>
#include <QTimer>

class QButtonGroup;
class QLabel;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace weir {

class EmptyState;
class LatencyChart;
struct LatencyLine;
class ViewState;

/// Latency per PoP over time, and the table of PoPs with the slowest first. Reads the view's range of the
/// history, live or past; figures are merged from histograms off the gui thread. gui thread.
class LatencyPage : public Page
{
    Q_OBJECT
public:
    explicit LatencyPage(ViewState& state, QWidget* parent = nullptr,
                         HistoryFollower::Opener open = &HistoryReader::open);
    ~LatencyPage() override;

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;
    [[nodiscard]] const LatencyTableModel& model() const { return m_model; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    /// What the chart shows of each PoP; All: every percentile of the chosen PoP.
    enum class Show { P50, P90, P99, All };

    [[nodiscard]] QWidget* buildTools();
    void buildTable();
    void startOver();
    void ask();
    void take(std::vector<PopLatency> pops, Timestamp from, Timestamp to);
    void draw();
    void showState();
    void choose(const QString& pop);
    void readOut(const QString& name, Timestamp time);
    void setShow(Show show);
    [[nodiscard]] QString chosen() const;
    [[nodiscard]] std::vector<LatencyLine> lines() const;

    ViewState& m_state;
    std::shared_ptr<LatencyTracker> m_tracker; ///< of the present run
    FollowedSinks m_sinks;
    LatencyTableModel m_model;
    QStackedLayout* m_layout;
    EmptyState* m_empty;
    QWidget* m_content;
    QButtonGroup* m_showButtons;
    QToolButton* m_scale;
    QLabel* m_readOut;
    QLabel* m_note;
    LatencyChart* m_chart;
    QTableView* m_table;
    Show m_show = Show::P99;
    Timestamp m_from = kNoTime;
    Timestamp m_to = kNoTime;
    bool m_asked = false;    ///< an answer is on its way
    bool m_again = false;    ///< and something changed since
    bool m_answered = false; ///< the present run has answered once
    std::uint64_t m_generation = 0;
    QTimer m_clockTick; ///< a live range moves also while nothing arrives
    QThreadPool m_pool; ///< last: its end waits for what is asked
};

} // namespace weir
