// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/FlowTrace.h"
#include "ui/models/BrokerWatch.h"
#include "ui/models/Errand.h"

#include <QObject>

#include <optional>

class QMenu;
class QWidget;

namespace weir {

/// Traces the way of a message to a subject of the flow, where the broker's servers can: asks for the
/// subject, sends the probe off the gui thread, and keeps the last way. gui thread.
class FlowTracing : public QObject
{
    Q_OBJECT
public:
    /// `broker` outlives this; dialogs are shown above `parent`.
    FlowTracing(const BrokerWatch& broker, QWidget* parent);

    /// Offers it for a node of subjects; disabled, with the reason in its words, where it cannot be.
    void addTo(QMenu& menu, const FlowNode& node, bool live);
    /// Why no message can be traced now; empty: it can be tried.
    [[nodiscard]] QString whyNot(bool live) const;
    void trace(const std::string& node, const std::string& subject);
    [[nodiscard]] const std::optional<TracedWay>& traced() const { return m_traced; }
    void forget();

signals:
    /// There is another way, or none any more.
    void changed();
    void problem(const QString& line);

private:
    void ask(const FlowNode& node);

    const BrokerWatch& m_broker;
    QWidget* m_parent;
    std::optional<TracedWay> m_traced;
    Errand m_errand;
};

} // namespace weir
