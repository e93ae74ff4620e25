// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowLayout.h"
#include "ui/views/topology/TopologyPicture.h"

class QSettings;

namespace weir {

class FlowView;

/// The way of messages from PoP to consumer: what messages show, joined with what the broker declares.
class FlowDrawing : public TopologyPicture
{
    Q_OBJECT
public:
    /// `parent` is of the view, too; `settings`, where pins are kept, may be null, and outlives it.
    FlowDrawing(HistoryFollower::Opener open, QSettings* settings, QWidget* parent);

    [[nodiscard]] QString name() const override { return QStringLiteral("flow"); }
    [[nodiscard]] QString title() const override { return tr("Flow"); }
    [[nodiscard]] QWidget* widget() override;
    [[nodiscard]] GraphView& view() override;
    [[nodiscard]] QString searchHint() const override;
    [[nodiscard]] bool hasWays() const override { return true; }
    [[nodiscard]] bool needsMessages() const override { return true; }
    [[nodiscard]] Draw draw() override;
    void startOver() override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] bool wantsMore() const override { return m_wantsMore; }
    [[nodiscard]] QString remark(bool live) const override;
    [[nodiscard]] bool explain(EmptyState& empty, const TopologyWatch& watch) const override;
    [[nodiscard]] std::shared_ptr<const FlowGraph> graph() const override;
    [[nodiscard]] TopologySheet sheet() const override { return flowSheet(m_picture); }
    void addTo(QMenu& menu, const FlowNode& node) override;
    [[nodiscard]] std::shared_ptr<const FlowPicture> picture() const { return m_picture; }

private:
    void take(const FlowDrawn& answer);
    void addKeys();
    [[nodiscard]] const FlowNode* chosen() const;
    void togglePin(const FlowNode& node);
    void toggleGroup(const FlowNode& node);
    void toggleAccount(const std::string& account);
    void restorePins();

    const HistoryFollower::Opener m_open;
    QSettings* m_settings;
    FlowView* m_view;
    std::shared_ptr<FlowDraft> m_draft; ///< of the present run
    std::shared_ptr<const FlowPicture> m_picture;
    FlowGrouping m_grouping;
    std::vector<FlowNode> m_pinned;
    bool m_wantsMore = false;
    bool m_brokerKnown = false; ///< m_picture shows what the broker says, too
};

} // namespace weir
