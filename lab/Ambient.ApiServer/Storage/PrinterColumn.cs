namespace Ambient.ApiServer.Storage;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Type"><c>string</c>, <c>integer</c>, <c>boolean</c> or <c>date</c>.</param>
/// <param name="Path">Where the value is: names with dots between them, <c>.status.phase</c>, and <c>[?(@.type=="Ready")].status</c> after a list.</param>
/// <param name="Priority">0 is shown always, more only with <c>-o wide</c>.</param>
public sealed record PrinterColumn(string Name, string Type, string Path, int Priority);
