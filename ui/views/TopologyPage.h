// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"
#include "core/topology/FlowTracker.h"
#include "core/topology/LooksOfRange.h"
#include "ui/models/BrokerWatch.h"
#include "ui/views/FollowPage.h"

#include <QElapsedTimer>

#include <memory>
#include <mutex>

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
    /// The layout of one run, and what its history says of the broker; asked by one thread of the pool at a
    /// time.
    struct Place
    {
        std::mutex mutex;
        FlowLayout layout;
        std::unique_ptr<HistoryReader> reader;
        LooksOfRange looks;

        [[nodiscard]] Result<RangeLooks> looksOf(const HistoryFollower::Opener& open,
                                                 const std::filesystem::path& path, Timestamp from,
                                                 Timestamp to, const std::optional<ObservedLook>& present);
    };
    struct Answer;

    [[nodiscard]] std::vector<std::shared_ptr<BatchSink>> makeSinks();
    [[nodiscard]] QWidget* buildTools();
    void join();
    void take(const Answer& answer);
    void focus();
    void showMenu(const std::string& id, const QPoint& at);

    const BrokerWatch& m_broker;
    const HistoryFollower::Opener m_open;
    std::shared_ptr<FlowTracker> m_tracker; ///< of the present run
    std::shared_ptr<Place> m_place = std::make_shared<Place>();
    std::shared_ptr<const FlowPicture> m_picture;
    bool m_brokerKnown = false; ///< m_picture shows what the broker says, too
    QLineEdit* m_search;
    QComboBox* m_hops;
    FlowView* m_view;
    FlowExport* m_export;
    FlowDetails* m_details;
    std::optional<std::string> m_chosen;
    QElapsedTimer m_sinceDrawn;
    std::uint64_t m_drawn = 0;      ///< the tracker's revision that the picture is of
    Nanoseconds m_drawnRecorded{0}; ///< and how much of its range was recorded
};

} // namespace weir
