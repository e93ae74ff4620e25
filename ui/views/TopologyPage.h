// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"
#include "core/topology/FlowTracker.h"
#include "ui/models/BrokerWatch.h"
#include "ui/views/FollowPage.h"

#include <QElapsedTimer>

#include <memory>
#include <set>

class QSettings;
class QStackedWidget;

namespace weir {

class FlowDetails;
class FlowDrawing;
class FlowTracing;
class TopologyPicture;
class TopologyTools;

/// The view's range as one of several pictures: the way of messages from PoP to consumer, or PoPs on the
/// world's map. Counted, joined and laid out off the gui thread. gui thread.
class TopologyPage : public FollowPage
{
    Q_OBJECT
public:
    /// `broker` outlives the page, and so does `settings`, where the chosen picture is kept.
    TopologyPage(ViewState& state, const BrokerWatch& broker, QWidget* parent = nullptr,
                 HistoryFollower::Opener open = &HistoryReader::open, QSettings* settings = nullptr);
    ~TopologyPage() override;

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;
    [[nodiscard]] QString name() const override { return QStringLiteral("topology"); }
    /// Searches for it in the picture that is shown.
    void showItem(const QString& item) override;
    [[nodiscard]] QWidget* details() override;
    /// Of the flow.
    [[nodiscard]] std::shared_ptr<const FlowPicture> picture() const;
    [[nodiscard]] const TopologyPicture& shown() const { return *m_pictures[m_shown]; }
    void showPicture(std::size_t index);

protected:
    [[nodiscard]] Question question() override;
    void startOver() override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] QString remark() const override;
    /// Rates of a part would mislead.
    [[nodiscard]] bool needsAll() const override;
    [[nodiscard]] bool explain(EmptyState& empty) override;

private:
    [[nodiscard]] std::vector<std::shared_ptr<BatchSink>> makeSinks();
    void addPictures();
    void join(TopologyPicture& picture);
    void joinDetails();
    void focus();
    void showDetails();
    void askForComparison();
    void showLatencyOf(const QString& term);
    void drawAnew();
    void showMenu(const std::string& id, const QPoint& at);
    [[nodiscard]] TopologyPicture& current() { return *m_pictures[m_shown]; }

    const BrokerWatch& m_broker;
    const HistoryFollower::Opener m_open;
    QSettings* m_settings;
    std::shared_ptr<FlowTracker> m_tracker; ///< of the present run
    FlowDrawing* m_flow;
    std::vector<TopologyPicture*> m_pictures;
    std::size_t m_shown = 0;
    QStackedWidget* m_stack;
    TopologyTools* m_tools = nullptr;
    FlowDetails* m_details;
    FlowTracing* m_tracing;
    std::set<std::size_t> m_drawnOnce; ///< pictures that were made since the run began
    QElapsedTimer m_sinceDrawn;
    std::chrono::milliseconds m_drawEvery{1000}; ///< as the last picture's time wants it
    std::uint64_t m_drawn = 0;                   ///< the tracker's revision that the picture is of
    Nanoseconds m_drawnRecorded{0};              ///< and how much of its range was recorded
};

} // namespace weir
