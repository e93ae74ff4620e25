// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/SubjectActions.h"

#include "ui/models/SubjectsModel.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QTreeView>

#include <algorithm>

namespace weir {
namespace {

QString pathOf(const QModelIndex& index)
{
    return index.data(static_cast<int>(SubjectRole::Path)).toString();
}

SubjectNode::Kind kindOf(const QModelIndex& index)
{
    return static_cast<SubjectNode::Kind>(index.data(static_cast<int>(SubjectRole::Kind)).toInt());
}

bool has(const std::vector<std::string>& paths, const QString& path)
{
    return std::find(paths.begin(), paths.end(), path.toStdString()) != paths.end();
}

} // namespace

SubjectActions::SubjectActions(QTreeView* view, const SubjectShape& shape, QObject* parent)
    : QObject(parent), m_view(view), m_shape(shape), m_pin(new QAction(this)), m_tokens(new QAction(this))
{
    m_pin->setObjectName(QStringLiteral("subjectPin"));
    m_pin->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_D));
    m_tokens->setObjectName(QStringLiteral("subjectTokens"));
    m_tokens->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    for (QAction* action : {m_pin, m_tokens}) {
        action->setShortcutContext(Qt::WidgetShortcut);
        m_view->addAction(action);
    }
    connect(m_pin, &QAction::triggered, this, [this] { emit pinToggled(pathOf(current())); });
    connect(m_tokens, &QAction::triggered, this, &SubjectActions::changeTokens);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &SubjectActions::refresh);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &SubjectActions::showMenu);
    refresh();
}

QModelIndex SubjectActions::current() const
{
    return m_view->currentIndex().siblingAtColumn(0);
}

SubjectActions::Target SubjectActions::targetOf(const QModelIndex& index) const
{
    const QString path = pathOf(index);
    if (!index.isValid() || path.isEmpty())
        return {};
    if (kindOf(index) == SubjectNode::Kind::Collapsed &&
        (path == QLatin1String("*") || path.endsWith(".*"))) {
        // The system's group has no path of its own: its `*` looks like the root's.
        if (kindOf(index.parent()) == SubjectNode::Kind::System)
            return {};
        const QString above = path.chopped(std::min<qsizetype>(2, path.size()));
        if (has(m_shape.folded, above))
            return {Change::Unfold, above};
        return {has(m_shape.split, above) ? Change::None : Change::Split, above};
    }
    if (has(m_shape.split, path))
        return {Change::Unsplit, path};
    if (has(m_shape.folded, path))
        return {Change::Unfold, path};
    return {index.data(static_cast<int>(SubjectRole::Children)).toInt() > 1 ? Change::Fold : Change::None,
            path};
}

void SubjectActions::refresh()
{
    const QModelIndex index = current();
    const bool isPinned = index.data(static_cast<int>(SubjectRole::Pinned)).toBool();
    m_pin->setEnabled(index.isValid() && !pathOf(index).isEmpty());
    m_pin->setText(isPinned ? tr("Unpin") : tr("Pin"));
    m_pin->setToolTip(isPinned ? tr("Take it off the top of the tree (Ctrl+D)")
                               : tr("Keep it at the top of the tree, for this history (Ctrl+D)"));
    const Target target = targetOf(index);
    m_tokens->setEnabled(target.change != Change::None);
    switch (target.change) {
    case Change::None:
    case Change::Fold:
        m_tokens->setText(tr("Fold"));
        m_tokens->setToolTip(tr("Count all tokens below it as one * (Ctrl+E)"));
        break;
    case Change::Split:
        m_tokens->setText(tr("Split"));
        m_tokens->setToolTip(tr("Show the tokens that * stands for one by one, 4,096 at the most (Ctrl+E)"));
        break;
    case Change::Unsplit:
        m_tokens->setText(tr("Undo split"));
        m_tokens->setToolTip(tr("Let many tokens below it collapse into * again (Ctrl+E)"));
        break;
    case Change::Unfold:
        m_tokens->setText(tr("Undo fold"));
        m_tokens->setToolTip(tr("Show the tokens below it as they are again (Ctrl+E)"));
        break;
    }
}

void SubjectActions::changeTokens()
{
    const Target target = targetOf(current());
    switch (target.change) {
    case Change::None:
        break;
    case Change::Split:
    case Change::Unsplit:
        emit splitToggled(target.path);
        break;
    case Change::Fold:
    case Change::Unfold:
        emit foldToggled(target.path);
        break;
    }
}

void SubjectActions::showMenu(const QPoint& point)
{
    const QModelIndex index = m_view->indexAt(point).siblingAtColumn(0);
    const QString path = pathOf(index);
    if (!index.isValid() || path.isEmpty())
        return;
    m_view->setCurrentIndex(index);
    const QString term = index.data(static_cast<int>(SubjectRole::Term)).toString();
    QMenu menu(m_view);
    menu.addAction(tr("Show only %1").arg(term), this, [this, term] { emit filterTermRequested(term); });
    menu.addAction(tr("Hide %1").arg(term), this,
                   [this, term] { emit filterTermRequested(QStringLiteral("NOT ") + term); });
    menu.addSeparator();
    menu.addAction(m_pin);
    menu.addAction(m_tokens);
    menu.addSeparator();
    menu.addAction(tr("Copy subject"), this, [path] { QGuiApplication::clipboard()->setText(path); });
    menu.exec(m_view->viewport()->mapToGlobal(point));
}

} // namespace weir
