using System.Security.Authentication;

namespace Ambient.Grpc;

/// <summary>Gives a broken connection or stream the status that a gRPC peer would (the table of the gRPC HTTP/2 mapping).</summary>
internal static class TransportFailure
{
    private const long RefusedStream = 0x7;
    private const long Cancel = 0x8;
    private const long EnhanceYourCalm = 0xb;
    private const long InadequateSecurity = 0xc;

    public static GrpcException Explain(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException protocol)
            {
                return new GrpcException(StatusOf(protocol.ErrorCode), protocol.Message, error);
            }
        }

        return new GrpcException(StatusOf(error), Text(error), error);
    }

    private static GrpcStatusCode StatusOf(long errorCode) => errorCode switch
    {
        RefusedStream => GrpcStatusCode.Unavailable,
        Cancel => GrpcStatusCode.Cancelled,
        EnhanceYourCalm => GrpcStatusCode.ResourceExhausted,
        InadequateSecurity => GrpcStatusCode.PermissionDenied,
        _ => GrpcStatusCode.Internal,
    };

    // A connection that was up and is lost says nothing of the call: Unknown. One that never came up: Unavailable.
    private static GrpcStatusCode StatusOf(Exception error) =>
        error is HttpRequestException ? GrpcStatusCode.Unavailable : GrpcStatusCode.Unknown;

    // The innermost cause names the socket error or the certificate problem; what wraps it only says that sending failed.
    private static string Text(Exception error)
    {
        Exception cause = error;
        while (cause.InnerException is { } inner && cause is not AuthenticationException)
        {
            cause = inner;
        }

        return ReferenceEquals(cause, error) ? error.Message : $"{error.Message} {cause.Message}";
    }
}
