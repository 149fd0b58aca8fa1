namespace Ambient.Tls;

internal sealed class HandshakeCall<T>(Func<T> work) : HandshakeWork
{
    // Without this option the awaiting loop's continuation would run on the handshake thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    public override void Run()
    {
        try
        {
            _completion.SetResult(work());
        }
        catch (Exception exception)
        {
            _completion.SetException(exception);
        }
    }

    public override void Cancel() => _completion.SetCanceled();
}
