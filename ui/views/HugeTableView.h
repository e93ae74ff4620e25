// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemView>

class QHeaderView;

namespace weir {

/// A table for models of up to 2^31 rows of one height: all geometry is arithmetic, so that 100 million rows
/// cost what a screen costs (QTableView keeps 8 bytes a row and ends at 2^31 pixels). Follows its end like a
/// log until somebody scrolls or selects; rows that come or go above what is shown do not move it.
/// The role given to setSpanRole() makes a row one text over the whole width. gui thread.
class HugeTableView : public QAbstractItemView
{
    Q_OBJECT
public:
    explicit HugeTableView(QWidget* parent = nullptr);

    void setModel(QAbstractItemModel* model) override;
    void setSpanRole(int role) { m_spanRole = role; }
    void setHeaderVisible(bool visible);
    [[nodiscard]] QHeaderView* header() const { return m_header; }

    [[nodiscard]] bool isFollowing() const { return m_following; }
    /// True: jumps to the end, lets go of the selection, and stays at the end.
    void setFollowing(bool following);
    /// A view that does not follow at all (no live end).
    void setFollowEnabled(bool enabled);

    /// The rows on screen, the last one perhaps cut; last < first while empty.
    [[nodiscard]] int firstShown() const;
    [[nodiscard]] int lastShown() const;

    [[nodiscard]] QRect visualRect(const QModelIndex& index) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    [[nodiscard]] QModelIndex indexAt(const QPoint& point) const override;

signals:
    void shownRowsChanged(int first, int last);
    void followingChanged(bool following);

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    [[nodiscard]] int horizontalOffset() const override;
    [[nodiscard]] int verticalOffset() const override;
    [[nodiscard]] bool isIndexHidden(const QModelIndex& index) const override;
    void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection& selection) const override;

    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void updateGeometries() override;

protected slots:
    void reset() override;
    void rowsInserted(const QModelIndex& parent, int start, int end) override;
    void rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void afterRemoval(int start, int count);
    void moveTo(int firstRow);
    void setFollowState(bool following);
    void paintRow(QPainter& painter, int row, const QRect& rect);
    void paintSpan(QPainter& painter, const QRect& rect, const QString& text, bool selected);
    [[nodiscard]] int rows() const;
    [[nodiscard]] int rowsThatFit() const;
    [[nodiscard]] int rowAt(int y) const; ///< not bounded by rows()

    QHeaderView* m_header;
    int m_rowHeight;
    int m_spanRole = -1;
    bool m_following = true;
    bool m_followEnabled = true;
    bool m_adjusting = false; ///< the scroll bar moves because of us, not of a reader
};

} // namespace weir
