namespace Ambient.Ztunnel.Inbound;

/// <summary>What to do with a CONNECT request: <see cref="ForwardRoute"/> or <see cref="RefusedRequest"/>.</summary>
internal abstract record InboundRoute;
