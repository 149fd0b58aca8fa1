using System.Runtime.InteropServices;

namespace Ambient.ControlPlane;

/// <summary>SIGTERM and SIGINT ask for the graceful stop; a second SIGINT ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private int _interrupts;

    public StopSignals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _asked.TrySetResult();
        });
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = Interlocked.Increment(ref _interrupts) == 1;
            _asked.TrySetResult();
        });
    }

    /// <summary>Done when the stop is asked for.</summary>
    public Task Asked => _asked.Task;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }
}
