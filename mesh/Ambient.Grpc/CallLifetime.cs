using Google.Protobuf;

namespace Ambient.Grpc;

/// <summary>What can end a call early: its caller, its deadline, or its disposal. Tells them apart afterwards.</summary>
internal sealed class CallLifetime : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource _all;
    private volatile bool _isEnded;

    public CallLifetime(TimeSpan? deadline, TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        _deadline = deadline is { } duration ? new CancellationTokenSource(duration, time) : null;
        _all = CancellationTokenSource.CreateLinkedTokenSource(caller, _deadline?.Token ?? CancellationToken.None);
        Token = _all.Token;
    }

    /// <summary>Usable after disposal too.</summary>
    public CancellationToken Token { get; }

    public void Cancel()
    {
        _isEnded = true;
        _all.Cancel();
    }

    /// <summary>
    /// The exception to show for one that came out of the transport: cancellation stays what it is when the caller asked for it.
    /// </summary>
    public Exception Explain(Exception error)
    {
        if (error is GrpcException)
        {
            return error;
        }

        if (_caller.IsCancellationRequested)
        {
            return error is OperationCanceledException ? error : new OperationCanceledException(error.Message, error, _caller);
        }

        if (_deadline is { IsCancellationRequested: true })
        {
            return new GrpcException(GrpcStatusCode.DeadlineExceeded, "the deadline passed", error);
        }

        if (_isEnded)
        {
            return new GrpcException(GrpcStatusCode.Cancelled, "the call was disposed", error);
        }

        return error switch
        {
            InvalidProtocolBufferException or FormatException => new GrpcException(GrpcStatusCode.Internal, $"the message cannot be read: {error.Message}", error),
            HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException => TransportFailure.Explain(error),
            _ => error,
        };
    }

    public void Dispose()
    {
        _all.Dispose();
        _deadline?.Dispose();
    }
}
