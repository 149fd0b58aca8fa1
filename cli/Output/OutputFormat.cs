namespace Ambient.Cli.Output;

/// <summary>How a listing is written.</summary>
internal enum OutputFormat
{
    Table,
    Wide,
    Json,
    Yaml,
}
