namespace Ambient.Kube.Client;

/// <summary>Why a request has no answer to use.</summary>
public enum KubernetesFailure
{
    /// <summary>The API server answered, and refused.</summary>
    Refused,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>A time limit of the client passed.</summary>
    TimedOut,

    /// <summary>The answer cannot be read, or breaks a limit.</summary>
    InvalidAnswer,

    /// <summary>There is no credential to show.</summary>
    NoCredential,
}
