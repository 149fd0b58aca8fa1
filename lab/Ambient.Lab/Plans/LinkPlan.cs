using System.Net;

namespace Ambient.Lab.Plans;

/// <summary>The wire between two nodes.</summary>
public sealed record LinkPlan(NodePlan Left, NodePlan Right, IPAddress LeftV4, IPAddress RightV4, IPAddress LeftV6, IPAddress RightV6);
