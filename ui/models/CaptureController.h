// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/capture/CaptureSession.h"
#include "core/capture/NatsSelection.h"

#include <QObject>
#include <QThread>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// What the operator chose to observe, and where it is kept.
struct CaptureRequest : NatsSelection
{
    std::filesystem::path history;
    KeepLimits keep;
};

/// The window's hand on the capture. Opening, connecting and closing may take seconds: they happen on a
/// thread of its own (`capture`), and so does asking how it stands, four times a second. gui thread.
class CaptureController : public QObject
{
    Q_OBJECT
public:
    /// Makes the source of a capture; on the capture thread.
    using SourceMaker = std::function<Result<std::unique_ptr<MessageSource>>(const CaptureRequest&, Clock&)>;

    explicit CaptureController(QObject* parent = nullptr);
    /// `clock` outlives the controller.
    CaptureController(SourceMaker makeSource, Clock& clock, QObject* parent = nullptr);
    /// Ends the capture; everything accepted is committed first.
    ~CaptureController() override;

    /// Ends the present capture, if any, and begins this one.
    void start(CaptureRequest request);
    void stop();
    /// Keeps what the broker says of itself in the present capture's history; nothing without one.
    void keepLook(ObservedLook look);

    [[nodiscard]] bool isRunning() const { return m_running; }
    /// As of a quarter of a second ago at the most.
    [[nodiscard]] const CaptureStatus& status() const { return m_status; }

signals:
    void started();
    void failed(const weir::Error& error);
    void stopped();
    void statusChanged();

private:
    class Worker;
    SystemClock m_systemClock;
    QThread m_thread;
    Worker* m_worker; // lives on m_thread, deleted there
    CaptureStatus m_status;
    bool m_running = false;
};

} // namespace weir
