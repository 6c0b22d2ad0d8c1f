using System.Diagnostics;
using ActorFlow.Runtime.Persistence.Sql;
using Npgsql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// The batch of a connection and its commands, kept from one time to the next: to make them and their parameters is most of what a
/// small batch allocates. A batch that failed is not kept.
/// </summary>
internal sealed class KeptBatches
{
    // Of one text there are as many as one batch had at most.
    private readonly Dictionary<string, Stack<NpgsqlBatchCommand>> _commands = new(StringComparer.Ordinal);
    private NpgsqlBatch? _batch;

    /// <summary>A batch that holds the statements.</summary>
    public NpgsqlBatch Fill(NpgsqlConnection connection, IReadOnlyList<SqlStatement> statements)
    {
        var batch = _batch ?? new NpgsqlBatch(connection);
        _batch = null;
        for (var i = 0; i < statements.Count; i++)
        {
            batch.BatchCommands.Add(CommandFor(statements[i]));
        }

        return batch;
    }

    /// <summary>Keeps a batch that is done, without its values.</summary>
    public void Return(NpgsqlBatch batch)
    {
        foreach (NpgsqlBatchCommand command in batch.BatchCommands)
        {
            foreach (NpgsqlParameter parameter in command.Parameters)
            {
                parameter.Value = null;
            }

            _commands[command.CommandText].Push(command);
        }

        batch.BatchCommands.Clear();
        _batch = batch;
    }

    private NpgsqlBatchCommand CommandFor(SqlStatement statement)
    {
        if (!_commands.TryGetValue(statement.Sql, out var kept))
        {
            _commands.Add(statement.Sql, kept = new());
        }

        var command = kept.TryPop(out var former) ? former : CommandOf(statement);
        Debug.Assert(command.Parameters.Count == statement.Values.Length, "A text of a statement always has as many parameters.");
        for (var i = 0; i < statement.Values.Length; i++)
        {
            command.Parameters[i].Value = PostgresText.Clean(statement.Values[i]);
        }

        return command;
    }

    private static NpgsqlBatchCommand CommandOf(SqlStatement statement)
    {
#pragma warning disable CA2100 // The texts are constants of this assembly; values go through parameters.
        var command = new NpgsqlBatchCommand(statement.Sql);
#pragma warning restore CA2100
        foreach (var _ in statement.Values)
        {
            command.Parameters.Add(new NpgsqlParameter());
        }

        return command;
    }
}
