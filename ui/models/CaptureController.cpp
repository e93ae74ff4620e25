// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/CaptureController.h"

#include <QTimer>

namespace weir {
namespace {

constexpr std::chrono::milliseconds kStatusInterval(250);

} // namespace

/// The part that lives on the capture thread.
class CaptureController::Worker : public QObject
{
public:
    Worker(CaptureController& controller, SourceMaker makeSource, Clock& clock)
        : m_controller(controller), m_makeSource(std::move(makeSource)), m_clock(clock), m_poll(this)
    {
        m_poll.setInterval(kStatusInterval);
        connect(&m_poll, &QTimer::timeout, this, [this] { report(); });
    }
    ~Worker() override { end(); }

    void begin(CaptureRequest request)
    {
        end();
        request.retryFirstConnect = true;
        auto source = m_makeSource(request, m_clock);
        if (!source) {
            fail(source.error());
            return;
        }
        auto rules = EnvelopeRules::forUser();
        if (!rules) {
            fail(rules.error());
            return;
        }
        CaptureSession::Options options;
        options.rules = std::move(*rules);
        options.source = std::move(*source);
        options.holdWhileFailing = request.isStream();
        options.history = request.history;
        options.keep = request.keep;
        options.sourceName = request.profile.name;
        options.identity = request.profile.identity;
        options.subjects = request.inWords();
        options.stream = request.stream;
        auto session = CaptureSession::start(std::move(options), m_clock);
        if (!session) {
            fail(session.error());
            return;
        }
        m_session = std::move(*session);
        tell([](CaptureController& controller) {
            controller.m_running = true;
            emit controller.started();
        });
        report();
        m_poll.start();
    }

    void fail(const Error& error)
    {
        tell([error](CaptureController& controller) {
            controller.m_running = false;
            emit controller.failed(error);
        });
    }

    void keepLook(ObservedLook look)
    {
        if (m_session)
            m_session->keepLook(std::move(look));
    }

    void end()
    {
        if (!m_session)
            return;
        m_poll.stop();
        const auto stopped = m_session->stop();
        report();
        m_session.reset();
        tell([stopped](CaptureController& controller) {
            controller.m_running = false;
            if (!stopped)
                emit controller.failed(stopped.error());
            emit controller.stopped();
        });
    }

private:
    void report()
    {
        tell([status = m_session->status()](CaptureController& controller) {
            controller.m_status = status;
            emit controller.statusChanged();
        });
    }

    /// Runs `say` on the gui thread; dropped when the controller is gone by then.
    template<typename F>
    void tell(F say)
    {
        QMetaObject::invokeMethod(
            &m_controller, [&controller = m_controller, say = std::move(say)] { say(controller); },
            Qt::QueuedConnection);
    }

    CaptureController& m_controller;
    const SourceMaker m_makeSource;
    Clock& m_clock;
    std::unique_ptr<CaptureSession> m_session;
    QTimer m_poll;
};

CaptureController::CaptureController(QObject* parent)
    : CaptureController([](const CaptureRequest& request,
                           Clock& clock) { return makeSource(request, request.history, clock); },
                        m_systemClock, parent)
{
}

CaptureController::CaptureController(SourceMaker makeSource, Clock& clock, QObject* parent)
    : QObject(parent), m_worker(new Worker(*this, std::move(makeSource), clock))
{
    m_thread.setObjectName("capture");
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

CaptureController::~CaptureController()
{
    m_thread.requestInterruption(); // whoever asks to unlock a keyring is not waited for
    m_thread.quit();
    m_thread.wait();
}

void CaptureController::keepLook(ObservedLook look)
{
    QMetaObject::invokeMethod(m_worker,
                              [worker = m_worker, look = std::move(look)] { worker->keepLook(look); });
}

void CaptureController::start(CaptureRequest request)
{
    QMetaObject::invokeMethod(m_worker,
                              [worker = m_worker, request = std::move(request)] { worker->begin(request); });
}

void CaptureController::stop()
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker] { worker->end(); });
}

} // namespace weir
