// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectTree.h"

#include <QModelIndex>
#include <QObject>

class QAction;
class QTreeView;

namespace weir {

/// What a reader can do with the chosen row of the subject tree: pin it, show the tokens of a `*` one by one,
/// or fold tokens into one. Each is undone as it was done: by key, by its button, by the menu. gui thread.
class SubjectActions : public QObject
{
    Q_OBJECT
public:
    /// `shape` and `view`, which has its model, outlive this.
    SubjectActions(QTreeView* view, const SubjectShape& shape, QObject* parent);

    [[nodiscard]] QAction* pin() const { return m_pin; }
    [[nodiscard]] QAction* tokens() const { return m_tokens; }
    /// Says what the actions do to the row that is chosen now.
    void refresh();

signals:
    /// Pin the node with this path, or let go of it.
    void pinToggled(const QString& path);
    /// Show the tokens below this path one by one, or no longer.
    void splitToggled(const QString& path);
    /// Fold the tokens below this path into one, or no longer.
    void foldToggled(const QString& path);
    /// A term of the filter grammar.
    void filterTermRequested(const QString& term);

private:
    enum class Change { None, Split, Unsplit, Fold, Unfold };
    struct Target
    {
        Change change = Change::None;
        QString path; ///< whose tokens
    };
    [[nodiscard]] QModelIndex current() const;
    [[nodiscard]] Target targetOf(const QModelIndex& index) const;
    void changeTokens();
    void showMenu(const QPoint& point);

    QTreeView* m_view;
    const SubjectShape& m_shape;
    QAction* m_pin;
    QAction* m_tokens;
};

} // namespace weir
