using System.Text.Json;

namespace Ambient.Cli.Output;

/// <summary>What a command lists, for people and for programs.</summary>
/// <param name="Columns">Titles, those of the wide form last.</param>
/// <param name="NarrowColumns">How many of them the table has.</param>
/// <param name="Rows">As many cells as there are titles.</param>
/// <param name="Items">The same as objects, with everything that is known.</param>
internal sealed record Listing(
    IReadOnlyList<string> Columns, int NarrowColumns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<JsonElement> Items);
