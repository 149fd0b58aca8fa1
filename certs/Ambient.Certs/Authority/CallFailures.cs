using Ambient.Grpc;

namespace Ambient.Certs.Authority;

/// <summary>A failed request in words that name the operator's next step.</summary>
internal static class CallFailures
{
    private const int MaxDetailChars = 300;

    public static string Describe(GrpcException failure, CaClientOptions options)
    {
        string address = options.Address.GetLeftPart(UriPartial.Authority);
        string detail = OneLine(failure.Detail);
        return failure.Status switch
        {
            GrpcStatusCode.Unauthenticated or GrpcStatusCode.PermissionDenied =>
                $"the authority at {address} refused ({detail}): it must trust this proxy's service account (CA_TRUSTED_NODE_ACCOUNTS), the token's audience "
                + "must be istio-ca, and a pod of the identity must run on this node",
            GrpcStatusCode.Unavailable => $"cannot reach the authority at {address} ({detail}): check CA_ADDRESS, CA_ROOT_CA and that it runs",
            GrpcStatusCode.DeadlineExceeded =>
                $"the authority at {address} did not answer within {options.Deadline.TotalSeconds:0.#} s: check that it runs, and its load",
            GrpcStatusCode.Unimplemented => $"the server at {address} is no certificate authority ({detail}): check CA_ADDRESS",
            GrpcStatusCode.ResourceExhausted => $"the authority at {address} is overloaded or its answer too large ({detail})",
            _ => $"the authority at {address} failed with {failure.Status} ({detail}): see its log",
        };
    }

    /// <summary>The peer's words must neither break a log line nor fill it.</summary>
    private static string OneLine(string text)
    {
        string bounded = text.Length > MaxDetailChars ? text[..MaxDetailChars] + "…" : text;
        return string.Create(bounded.Length, bounded, static (line, from) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
    }
}
