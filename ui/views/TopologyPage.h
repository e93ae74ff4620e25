// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/FollowPage.h"
#include "ui/views/topology/FlowDraft.h"

#include <QElapsedTimer>

#include <memory>

class QComboBox;
class QLineEdit;

namespace weir {

class FlowDetails;
class FlowExport;
class FlowView;

/// The way of messages from PoP to consumer over the view's range: what messages show, joined with what the
/// broker declares where it is watched. Counted, joined and laid out off the gui thread. gui thread.
class TopologyPage : public FollowPage
{
    Q_OBJECT
public:
    /// `broker` outlives the page.
    TopologyPage(ViewState& state, const BrokerWatch& broker, QWidget* parent = nullptr,
                 HistoryFollower::Opener open = &HistoryReader::open);
    ~TopologyPage() override;

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;
    [[nodiscard]] QWidget* details() override;
    [[nodiscard]] std::shared_ptr<const FlowPicture> picture() const { return m_picture; }

protected:
    [[nodiscard]] Question question() override;
    void startOver() override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] QString remark() const override;
    /// Rates of a part would mislead.
    [[nodiscard]] bool needsAll() const override { return true; }

private:
    [[nodiscard]] std::vector<std::shared_ptr<BatchSink>> makeSinks();
    [[nodiscard]] QWidget* buildTools();
    void join();
    void take(const FlowDrawn& answer);
    /// How much earlier the range begins that this one is compared with; 0: it is not.
    [[nodiscard]] Nanoseconds earlier() const;
    void focus();
    void showMenu(const std::string& id, const QPoint& at);

    const BrokerWatch& m_broker;
    const HistoryFollower::Opener m_open;
    std::shared_ptr<FlowTracker> m_tracker; ///< of the present run
    std::shared_ptr<FlowDraft> m_draft;     ///< of the present run
    std::shared_ptr<const FlowPicture> m_picture;
    bool m_brokerKnown = false; ///< m_picture shows what the broker says, too
    QLineEdit* m_search;
    QComboBox* m_hops;
    QComboBox* m_compare;
    FlowView* m_view;
    FlowExport* m_export;
    FlowDetails* m_details;
    std::optional<std::string> m_chosen;
    QElapsedTimer m_sinceDrawn;
    std::uint64_t m_drawn = 0;      ///< the tracker's revision that the picture is of
    Nanoseconds m_drawnRecorded{0}; ///< and how much of its range was recorded
};

} // namespace weir
