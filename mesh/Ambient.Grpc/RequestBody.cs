using System.Net;

namespace Ambient.Grpc;

/// <summary>The request's body, kept open so that messages are written while answers arrive.</summary>
internal sealed class RequestBody : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once the request's headers can be followed by messages; fails with the call.</summary>
    public Task<Stream> Stream => _stream.Task;

    /// <summary>No more messages follow.</summary>
    public void Complete() => _completed.TrySetResult();

    public void Fail(Exception error)
    {
        if (_stream.TrySetException(error))
        {
            // Nobody may be writing; the failure shows in the answer too.
            _ = _stream.Task.Exception;
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            // Without a flush the headers would wait for the first message.
            await stream.FlushAsync(cancellationToken);
        }
        catch (Exception error)
        {
            // An answer may end the call before its first message could be written.
            Fail(error);
            throw;
        }

        _stream.TrySetResult(stream);
        await _completed.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
