// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/HugeTableView.h"

#include "ui/theme/Theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>

namespace weir {
namespace {

constexpr int kFarRows = 40'000'000; // rectangles of rows further away than this are cut: QRect counts in int

} // namespace

HugeTableView::HugeTableView(QWidget* parent)
    : QAbstractItemView(parent),
      m_header(new QHeaderView(Qt::Horizontal, this)),
      m_rowHeight(Theme::rowHeight())
{
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    m_header->setSectionsClickable(false);
    m_header->setHighlightSections(false);
    m_header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(m_header, &QHeaderView::sectionResized, this, [this] {
        updateGeometries();
        viewport()->update();
    });
    connect(m_header, &QHeaderView::sectionMoved, viewport(), qOverload<>(&QWidget::update));
}

void HugeTableView::setModel(QAbstractItemModel* newModel)
{
    if (model())
        disconnect(model(), nullptr, this, nullptr);
    QAbstractItemView::setModel(newModel);
    m_header->setModel(newModel);
    if (newModel) {
        connect(newModel, &QAbstractItemModel::rowsRemoved, this,
                [this](const QModelIndex&, int first, int last) { afterRemoval(first, last - first + 1); });
    }
}

void HugeTableView::setHeaderVisible(bool visible)
{
    m_header->setVisible(visible);
    updateGeometries();
}

int HugeTableView::rows() const
{
    return model() ? model()->rowCount(rootIndex()) : 0;
}

int HugeTableView::rowsThatFit() const
{
    return std::max(1, viewport()->height() / m_rowHeight);
}

int HugeTableView::rowAt(int y) const
{
    return verticalScrollBar()->value() + (y >= 0 ? y / m_rowHeight : -((m_rowHeight - 1 - y) / m_rowHeight));
}

int HugeTableView::firstShown() const
{
    return verticalScrollBar()->value();
}

int HugeTableView::lastShown() const
{
    return std::min(rows() - 1, rowAt(viewport()->height() - 1));
}

void HugeTableView::setFollowState(bool following)
{
    following = following && m_followEnabled;
    if (m_following == following)
        return;
    m_following = following;
    emit followingChanged(following);
}

void HugeTableView::setFollowing(bool following)
{
    setFollowState(following);
    if (!m_following)
        return;
    if (selectionModel()) {
        const QScopedValueRollback guard(m_adjusting, true);
        selectionModel()->clear();
    }
    moveTo(verticalScrollBar()->maximum());
}

void HugeTableView::setFollowEnabled(bool enabled)
{
    m_followEnabled = enabled;
    setFollowState(enabled);
}

void HugeTableView::moveTo(int firstRow)
{
    const QScopedValueRollback guard(m_adjusting, true);
    const int before = verticalScrollBar()->value();
    verticalScrollBar()->setValue(firstRow);
    if (verticalScrollBar()->value() == before)
        emit shownRowsChanged(firstShown(), lastShown());
}

QRect HugeTableView::visualRect(const QModelIndex& index) const
{
    if (!index.isValid() || index.model() != model())
        return {};
    const int away = std::clamp(index.row() - verticalScrollBar()->value(), -kFarRows, kFarRows);
    return {m_header->sectionViewportPosition(index.column()), away * m_rowHeight,
            m_header->sectionSize(index.column()), m_rowHeight};
}

void HugeTableView::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const int first = verticalScrollBar()->value();
    const int fit = rowsThatFit();
    int target = first;
    if (hint == PositionAtCenter)
        target = index.row() - fit / 2;
    else if (hint == PositionAtTop || index.row() < first)
        target = index.row();
    else if (hint == PositionAtBottom || index.row() >= first + fit)
        target = index.row() - fit + 1;
    const QScopedValueRollback guard(m_adjusting, true);
    verticalScrollBar()->setValue(target);
}

QModelIndex HugeTableView::indexAt(const QPoint& point) const
{
    const int row = rowAt(point.y());
    if (!model() || point.y() < 0 || row >= rows())
        return {};
    const int column = m_header->logicalIndexAt(point.x());
    return column < 0 ? QModelIndex() : model()->index(row, column, rootIndex());
}

QModelIndex HugeTableView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    if (rows() == 0)
        return {};
    const QModelIndex now = currentIndex();
    const int column = std::max(0, now.column());
    int row = now.isValid() ? now.row()
                            : (action == MoveUp || action == MovePageUp ? lastShown() + 1 : firstShown() - 1);
    switch (action) {
    case MoveUp:
    case MovePrevious:
        row -= 1;
        break;
    case MoveDown:
    case MoveNext:
        row += 1;
        break;
    case MovePageUp:
        row -= rowsThatFit() - 1;
        break;
    case MovePageDown:
        row += rowsThatFit() - 1;
        break;
    case MoveHome:
        row = 0;
        break;
    case MoveEnd:
        row = rows() - 1;
        break;
    case MoveLeft:
    case MoveRight: {
        const int step = action == MoveLeft ? -1 : 1;
        const int last = model()->columnCount(rootIndex()) - 1;
        return model()->index(std::max(0, row), std::clamp(column + step, 0, last), rootIndex());
    }
    }
    return model()->index(std::clamp(row, 0, rows() - 1), column, rootIndex());
}

int HugeTableView::horizontalOffset() const
{
    return m_header->offset();
}

int HugeTableView::verticalOffset() const
{
    return std::min(verticalScrollBar()->value(), kFarRows) * m_rowHeight;
}

bool HugeTableView::isIndexHidden(const QModelIndex& index) const
{
    return m_header->isSectionHidden(index.column());
}

void HugeTableView::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command)
{
    if (rows() == 0 || !selectionModel())
        return;
    const QRect box = rect.normalized();
    const int top = std::clamp(rowAt(box.top()), 0, rows() - 1);
    const int bottom = std::clamp(rowAt(box.bottom()), 0, rows() - 1);
    const int last = model()->columnCount(rootIndex()) - 1;
    selectionModel()->select(
        QItemSelection(model()->index(top, 0, rootIndex()), model()->index(bottom, last, rootIndex())),
        command);
}

QRegion HugeTableView::visualRegionForSelection(const QItemSelection& selection) const
{
    QRegion region;
    for (const QItemSelectionRange& range : selection) {
        const int top = std::max(range.top(), firstShown());
        const int bottom = std::min(range.bottom(), lastShown());
        if (top <= bottom)
            region += QRect(0, (top - firstShown()) * m_rowHeight, viewport()->width(),
                            (bottom - top + 1) * m_rowHeight);
    }
    return region;
}

void HugeTableView::updateGeometries()
{
    const int height = m_header->isVisibleTo(this) ? m_header->sizeHint().height() : 0;
    setViewportMargins(0, height, 0, 0);
    const QRect area = viewport()->geometry();
    m_header->setGeometry(area.left(), area.top() - height, area.width(), height);
    const QScopedValueRollback guard(m_adjusting, true);
    verticalScrollBar()->setSingleStep(1);
    verticalScrollBar()->setPageStep(rowsThatFit());
    verticalScrollBar()->setRange(0, std::max(0, rows() - rowsThatFit()));
    horizontalScrollBar()->setPageStep(area.width());
    horizontalScrollBar()->setRange(0, std::max(0, m_header->length() - area.width()));
    if (m_following)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    QAbstractItemView::updateGeometries();
    emit shownRowsChanged(firstShown(), lastShown());
}

void HugeTableView::scrollContentsBy(int dx, int dy)
{
    if (dx != 0)
        m_header->setOffset(horizontalScrollBar()->value());
    viewport()->update();
    if (dy == 0)
        return;
    if (!m_adjusting)
        setFollowState(verticalScrollBar()->value() == verticalScrollBar()->maximum());
    emit shownRowsChanged(firstShown(), lastShown());
}

void HugeTableView::reset()
{
    QAbstractItemView::reset();
    setFollowState(m_followEnabled);
    updateGeometries();
}

void HugeTableView::rowsInserted(const QModelIndex& parent, int start, int end)
{
    QAbstractItemView::rowsInserted(parent, start, end);
    const int first = verticalScrollBar()->value();
    updateGeometries();
    if (!m_following && start <= first && start < rows() - (end - start + 1))
        moveTo(first + end - start + 1);
    viewport()->update();
}

void HugeTableView::rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end)
{
    const QScopedValueRollback guard(m_adjusting, true);
    QAbstractItemView::rowsAboutToBeRemoved(parent, start, end);
}

void HugeTableView::afterRemoval(int start, int count)
{
    const int first = verticalScrollBar()->value();
    updateGeometries();
    if (!m_following && start < first)
        moveTo(std::max(start, first - count));
    viewport()->update();
}

void HugeTableView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QAbstractItemView::currentChanged(current, previous);
    // Who reads a message does not want it to run away.
    if (current.isValid() && !m_adjusting)
        setFollowState(false);
    viewport()->update();
}

void HugeTableView::focusInEvent(QFocusEvent* event)
{
    // QAbstractItemView would choose a row, which here means to stop following.
    QAbstractScrollArea::focusInEvent(event); // NOLINT(bugprone-parent-virtual-call)
    viewport()->update();
}

void HugeTableView::keyPressEvent(QKeyEvent* event)
{
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (m_followEnabled && event->key() == Qt::Key_End && (modifiers & Qt::ShiftModifier) == 0) {
        setFollowing(true);
        return;
    }
    QAbstractItemView::keyPressEvent(event);
}

void HugeTableView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        m_rowHeight = Theme::rowHeight();
        updateGeometries();
    }
    QAbstractItemView::changeEvent(event);
}

} // namespace weir
