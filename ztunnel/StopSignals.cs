using System.Runtime.InteropServices;

namespace Ambient.Ztunnel;

/// <summary>SIGTERM and SIGINT ask for the graceful stop; a second SIGINT ends the process at once (node-proxy 10.1).</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private int _interrupts;

    public StopSignals(Action stop)
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop();
        });
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = Interlocked.Increment(ref _interrupts) == 1;
            stop();
        });
    }

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }
}
