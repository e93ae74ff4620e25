// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/HeadersModel.h"

#include "core/capture/MessageJson.h"
#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"

namespace weir {
namespace {

bool isRedacted(std::string_view value)
{
    return value.find("<redacted sha256:") != std::string_view::npos;
}

} // namespace

void HeadersModel::setMessage(std::shared_ptr<const MessageDetails> message)
{
    beginResetModel();
    m_message = std::move(message);
    endResetModel();
}

int HeadersModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_message ? 0 : static_cast<int>(m_message->headers.size());
}

int HeadersModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 2;
}

QVariant HeadersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Header") : tr("Value");
}

QVariant HeadersModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& [name, value] = m_message->headers[static_cast<std::size_t>(index.row())];
    const bool isName = index.column() == static_cast<int>(HeaderColumn::Name);
    switch (role) {
    case Qt::DisplayRole:
        return isName ? (name.empty() ? tr("(not a header)") : escaped(name)) : escaped(value);
    case Qt::ToolTipRole:
        if (isRedacted(value))
            return tr(
                "Weir never stores tokens. This is the SHA-256 of the token that stood here; its decoded "
                "claims are under Identity.");
        return name.empty() ? tr("This line of the header block is no header: it is shown as it came.")
                            : QVariant();
    case static_cast<int>(HeaderRole::Muted):
        return name.empty() || (!isName && isRedacted(value));
    case static_cast<int>(HeaderRole::Term):
        if (name.empty() || isRedacted(value) || !isUtf8(name) || !isUtf8(value))
            return QString();
        return filterTerm(QStringLiteral("header.") + toText(name), toText(value));
    default:
        return {};
    }
}

} // namespace weir
