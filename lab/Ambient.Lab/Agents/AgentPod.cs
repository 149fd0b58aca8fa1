namespace Ambient.Lab.Agents;

/// <summary>A pod as the node agent knows it.</summary>
public sealed record AgentPod(string Uid, string Name, string Namespace, string ServiceAccount, string NetworkNamespacePath);
