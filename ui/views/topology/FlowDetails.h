// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowGraph.h"
#include "core/topology/FlowTrace.h"
#include "ui/views/DetailsText.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// What a picture knows of a node beside its graph: plain text.
struct FlowFigures
{
    std::vector<std::pair<QString, QString>> rows; ///< title and value
    QString latencyOf;                             ///< a PoP that the Latency page shows; empty: none
    std::vector<std::string> alsoHere;             ///< ids of nodes that are drawn together with it
    struct Connection
    {
        std::string node; ///< id of the other end
        QString what;     ///< "Route"
        QString value;
        bool slow = false;
    };
    std::vector<Connection> connections; ///< where they have no direction: in the place of from and to
};

/// What is known of the chosen node or line, and how; without a choice, what asks for a look and what the
/// graph rests on. Neighbours are links. gui thread.
class FlowDetails : public DetailsText
{
    Q_OBJECT
public:
    explicit FlowDetails(QWidget* parent = nullptr);

    using Figures = std::function<FlowFigures(std::uint32_t node)>;

    /// `figures`: of the graph's nodes, asked for as long as the graph is shown.
    void setGraph(std::shared_ptr<const FlowGraph> graph, Figures figures = {});
    /// Told with its node, as long as it stands; none: nothing was traced.
    void setTraced(const std::optional<TracedWay>& traced);
    void showNode(const std::optional<std::string>& id);
    void showEdge(const std::string& from, const std::string& to);

signals:
    void nodeChosen(const std::string& id);
    /// A term of the filter grammar that finds the node's messages.
    void messagesWanted(const QString& term);
    void latencyWanted(const QString& pop);
    /// Of the messages that a term of the filter grammar finds.
    void latencyOfWanted(const QString& term);
    /// A user's name or public nkey; empty: of nobody in particular.
    void credentialWanted(const QString& user);

protected:
    [[nodiscard]] QString body() const override;

private:
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QString changesText() const;
    [[nodiscard]] QString nodeText(const FlowNode& node, std::uint32_t index) const;
    [[nodiscard]] QString figuresText(const FlowFigures& figures) const;
    [[nodiscard]] QString edgeText(const FlowEdge& edge) const;
    [[nodiscard]] QString lineRow(const FlowEdge& edge, std::uint32_t other) const;

    std::shared_ptr<const FlowGraph> m_graph = std::make_shared<const FlowGraph>();
    Figures m_figures;
    std::optional<TracedWay> m_traced;
    std::optional<std::string> m_node;
    std::optional<std::pair<std::string, std::string>> m_edge;
};

/// The filter term that finds the messages of a node; empty where none does.
[[nodiscard]] QString flowTerm(const FlowNode& node);
/// The PoP that the Latency page shows for a node; empty: none.
[[nodiscard]] QString latencyPop(const FlowNode& node, const FlowFigures& figures);
/// Whose credential a node's connections came with: the user's public nkey, else its name; empty: not known.
[[nodiscard]] QString credentialOf(const FlowNode& node);

} // namespace weir
