// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/LatencyTracker.h"
#include "ui/models/LatencyTableModel.h"
#include "ui/models/PastLatency.h"
#include "ui/views/FollowPage.h"

class QButtonGroup;
class QTableView;
class QToolButton;

namespace weir {

class ElidedButton;
class LatencyChart;
struct LatencyLine;

/// Latency per PoP over time, and the table of PoPs with the slowest first. Reads the view's range of the
/// history, live or past; figures are merged from histograms off the gui thread. gui thread.
class LatencyPage : public FollowPage
{
    Q_OBJECT
public:
    explicit LatencyPage(ViewState& state, QWidget* parent = nullptr,
                         HistoryFollower::Opener open = &HistoryReader::open);
    ~LatencyPage() override;

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;
    [[nodiscard]] QString name() const override { return QStringLiteral("latency"); }
    void showItem(const QString& item) override;
    [[nodiscard]] const LatencyTableModel& model() const { return m_model; }

protected:
    [[nodiscard]] Question question() override;
    void startOver() override;
    [[nodiscard]] bool hasContent() const override { return m_model.rowCount() > 0; }
    [[nodiscard]] QString remark() const override;
    /// Who is slow, and in which order, a part cannot say.
    [[nodiscard]] bool needsAll() const override { return true; }

private:
    /// What the chart shows of each PoP; All: every percentile of the chosen PoP.
    enum class Measure { P50, P90, P99, All };

    [[nodiscard]] QWidget* buildTools();
    void buildTable();
    struct Answer;
    void take(Answer answer);
    void draw();
    void showSlow();
    void choose(const QString& pop);
    void readOut(const QString& name, Timestamp time);
    void setMeasure(Measure measure);
    [[nodiscard]] QString chosen() const;
    [[nodiscard]] std::vector<LatencyLine> lines() const;

    std::shared_ptr<LatencyTracker> m_tracker; ///< of the present run
    PastLatency m_past;
    LatencyTableModel m_model;
    QButtonGroup* m_showButtons;
    QToolButton* m_scale;
    ElidedButton* m_slow; ///< names the PoP that stands out, and shows it
    LatencyChart* m_chart;
    QTableView* m_table;
    Measure m_measure = Measure::P99;
    Timestamp m_from = kNoTime; ///< what is shown
    Timestamp m_to = kNoTime;
    QString m_wanted;               ///< a PoP to choose as soon as it is there
    Timestamp m_keptFrom = kNoTime; ///< figures before it were let go
};

} // namespace weir
