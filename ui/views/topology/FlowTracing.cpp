// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowTracing.h"

#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>

namespace weir {
namespace {

/// A subject that the group matches: something stands for its wildcards.
QString exampleOf(const std::string& group)
{
    QStringList tokens = QString::fromStdString(group).split(QLatin1Char('.'));
    for (QString& token : tokens) {
        if (token == QLatin1String("*") || token == QLatin1String(">"))
            token = QStringLiteral("x");
    }
    return tokens.join(QLatin1Char('.'));
}

} // namespace

FlowTracing::FlowTracing(const BrokerWatch& broker, QWidget* parent)
    : QObject(parent), m_broker(broker), m_parent(parent)
{
}

QString FlowTracing::whyNot(bool live) const
{
    if (!live || !m_broker.profile())
        return tr("no broker is observed now");
    if (m_errand.isRunning())
        return tr("one is on its way");
    if (const auto& look = m_broker.known().now) {
        if (const auto may = mayTrace(*look); !may)
            return QString::fromStdString(may.error().why);
    }
    return {};
}

void FlowTracing::addTo(QMenu& menu, const FlowNode& node, bool live)
{
    if (node.kind != FlowKind::SubjectGroup || node.name.empty())
        return;
    const QString why = whyNot(live);
    QAction* action = menu.addAction(why.isEmpty() ? tr("Trace a message's way\u2026")
                                                   : tr("Trace a message's way: %1").arg(why),
                                     this, [this, node] { ask(node); });
    action->setObjectName(QStringLiteral("flowTrace"));
    action->setEnabled(why.isEmpty());
}

void FlowTracing::ask(const FlowNode& node)
{
    auto* dialog = new QInputDialog(m_parent);
    dialog->setObjectName(QStringLiteral("flowTraceDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setInputMode(QInputDialog::TextInput);
    dialog->setWindowTitle(tr("Trace a message's way"));
    dialog->setLabelText(
        tr("One empty message goes to this subject. The servers tell whom they would give it to,\n"
           "and neither deliver nor store it. Subject:"));
    dialog->setTextValue(exampleOf(node.name));
    dialog->setOkButtonText(tr("Trace"));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, id = node.id](const QString& subject) { trace(id, subject.trimmed().toStdString()); });
    dialog->open();
}

void FlowTracing::trace(const std::string& node, const std::string& subject)
{
    if (!m_broker.profile())
        return;
    TraceProbe probe;
    probe.subject = subject;
    probe.look = m_broker.known().now;
    m_errand.run([this, node, profile = *m_broker.profile(), probe](const std::stop_token& stop,
                                                                    const Errand::Post& post) {
        const auto way = traceMessage(profile, probe, stop);
        if (!way) {
            post([this, line = QString::fromStdString(way.error().line())] { emit problem(line); });
            return;
        }
        post([this, traced = TracedWay{node, std::make_shared<const MessageWay>(*way)}] {
            m_traced = traced;
            emit changed();
        });
    });
}

void FlowTracing::forget()
{
    m_errand.cancel();
    if (std::exchange(m_traced, std::nullopt))
        emit changed();
}

} // namespace weir
