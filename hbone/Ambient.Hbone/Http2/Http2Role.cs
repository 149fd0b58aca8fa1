namespace Ambient.Hbone.Http2;

/// <summary>Which side of a connection this endpoint is; only clients open streams, since push is refused.</summary>
public enum Http2Role
{
    Client,
    Server,
}
