"""The first schema.

Revision: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('anchor_counts',
    sa.Column('anchor', sa.String(length=80), nullable=False),
    sa.Column('items', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('anchor', name=op.f('pk_anchor_counts'))
    )
    op.create_table('channel_ids',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('channel_id', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_channel_ids'))
    )
    op.create_table('deliveries',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('subscription', sa.String(length=64), nullable=False),
    sa.Column('window', sa.String(length=64), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('thread_of', sa.String(length=40), server_default='', nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('to', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('stories', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_attempt', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_owner', sa.String(length=64), server_default='', nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('external_id', sa.Text(), server_default='', nullable=False),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
    sa.UniqueConstraint('subscription', 'window', 'part', name=op.f('uq_deliveries_subscription_window_part'))
    )
    op.create_index('ix_deliveries_state_next', 'deliveries', ['state', 'next_attempt'], unique=False)
    op.create_index(op.f('ix_deliveries_subscription'), 'deliveries', ['subscription'], unique=False)
    op.create_index(op.f('ix_deliveries_thread_of'), 'deliveries', ['thread_of'], unique=False)
    op.create_table('drops',
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('url_key', sa.String(length=32), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('last_seen', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('source', 'url_key', name=op.f('pk_drops'))
    )
    op.create_index(op.f('ix_drops_last_seen'), 'drops', ['last_seen'], unique=False)
    op.create_index(op.f('ix_drops_url_key'), 'drops', ['url_key'], unique=False)
    op.create_table('incidents',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_open', sa.Boolean(), nullable=False),
    sa.Column('told_closed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incidents'))
    )
    op.create_index(op.f('ix_incidents_key'), 'incidents', ['key'], unique=False)
    op.create_table('items',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('canonical_url', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=8), server_default='', nullable=False),
    sa.Column('author', sa.Text(), server_default='', nullable=False),
    sa.Column('image', sa.Text(), server_default='', nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published', sa.String(length=40), server_default='', nullable=False),
    sa.Column('published_whole_day', sa.Boolean(), nullable=False),
    sa.Column('modified', sa.String(length=40), server_default='', nullable=False),
    sa.Column('first_seen', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('content_hash', sa.String(length=64), server_default='', nullable=False),
    sa.Column('title_hash', sa.String(length=64), server_default='', nullable=False),
    sa.Column('text_pending', sa.Boolean(), nullable=False),
    sa.Column('held_back', sa.String(length=16), server_default='', nullable=False),
    sa.Column('story', sa.String(length=40), nullable=True),
    sa.Column('duplicate_of', sa.String(length=32), nullable=True),
    sa.Column('topics_version', sa.String(length=64), server_default='', nullable=False),
    sa.Column('change', sa.Text(), server_default='', nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_items'))
    )
    op.create_index(op.f('ix_items_content_hash'), 'items', ['content_hash'], unique=False)
    op.create_index(op.f('ix_items_first_seen'), 'items', ['first_seen'], unique=False)
    op.create_index(op.f('ix_items_published_at'), 'items', ['published_at'], unique=False)
    op.create_index(op.f('ix_items_source'), 'items', ['source'], unique=False)
    op.create_index(op.f('ix_items_story'), 'items', ['story'], unique=False)
    op.create_index(op.f('ix_items_title_hash'), 'items', ['title_hash'], unique=False)
    op.create_table('meta',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_meta'))
    )
    op.create_table('polls',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('requests', sa.Integer(), nullable=False),
    sa.Column('not_modified', sa.Integer(), nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_polls'))
    )
    op.create_index(op.f('ix_polls_at'), 'polls', ['at'], unique=False)
    op.create_index('ix_polls_source_at', 'polls', ['source', 'at'], unique=False)
    op.create_table('robots',
    sa.Column('origin', sa.String(length=300), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('origin', name=op.f('pk_robots'))
    )
    op.create_table('sources',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=16), server_default='auto', nullable=False),
    sa.Column('every_seconds', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=8), server_default='', nullable=False),
    sa.Column('render', sa.String(length=16), server_default='', nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('only_links', sa.JSON(), nullable=False),
    sa.Column('skip_links', sa.JSON(), nullable=False),
    sa.Column('selector', sa.Text(), server_default='', nullable=False),
    sa.Column('excerpt', sa.Integer(), server_default='160', nullable=False),
    sa.Column('headers_file', sa.Text(), server_default='', nullable=False),
    sa.Column('declared_by', sa.String(length=64), server_default='', nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=16), server_default='active', nullable=False),
    sa.Column('undeclared', sa.Boolean(), nullable=False),
    sa.Column('watch_kind', sa.String(length=16), server_default='', nullable=False),
    sa.Column('watch_url', sa.Text(), server_default='', nullable=False),
    sa.Column('learned', sa.JSON(), nullable=False),
    sa.Column('next_due', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_polled', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_ok', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_new', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('error_kind', sa.String(length=16), server_default='', nullable=False),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('interval_seconds', sa.Integer(), nullable=True),
    sa.Column('baseline', sa.Boolean(), nullable=False),
    sa.Column('full_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_owner', sa.String(length=64), server_default='', nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sources'))
    )
    op.create_index(op.f('ix_sources_next_due'), 'sources', ['next_due'], unique=False)
    op.create_table('stories',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('merged_into', sa.String(length=40), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stories'))
    )
    op.create_index(op.f('ix_stories_merged_into'), 'stories', ['merged_into'], unique=False)
    op.create_table('subscriptions',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('to', sa.Text(), nullable=False),
    sa.Column('topics', sa.JSON(), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.Column('schedule', sa.Text(), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('digest_language', sa.String(length=8), nullable=False),
    sa.Column('quiet_hours', sa.Text(), server_default='', nullable=False),
    sa.Column('holidays', sa.JSON(), nullable=False),
    sa.Column('when_empty', sa.String(length=8), server_default='silent', nullable=False),
    sa.Column('since', sa.String(length=16), server_default='', nullable=False),
    sa.Column('max_stories', sa.Integer(), server_default='25', nullable=False),
    sa.Column('declared_by', sa.String(length=64), server_default='', nullable=False),
    sa.Column('undeclared', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=16), server_default='active', nullable=False),
    sa.Column('active_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status_by', sa.String(length=64), server_default='', nullable=False),
    sa.Column('last_window', sa.String(length=64), server_default='', nullable=False),
    sa.Column('last_closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due', sa.DateTime(timezone=True), nullable=True),
    sa.Column('scope_since', sa.JSON(), nullable=False),
    sa.Column('consent', sa.JSON(), nullable=False),
    sa.Column('address_hash', sa.String(length=64), server_default='', nullable=False),
    sa.Column('bounces', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriptions'))
    )
    op.create_index(op.f('ix_subscriptions_address_hash'), 'subscriptions', ['address_hash'], unique=False)
    op.create_index(op.f('ix_subscriptions_next_due'), 'subscriptions', ['next_due'], unique=False)
    op.create_table('suppressions',
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('address_hash', name=op.f('pk_suppressions'))
    )
    op.create_table('topics',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('version', sa.String(length=64), server_default='', nullable=False),
    sa.Column('declared_by', sa.String(length=64), server_default='', nullable=False),
    sa.Column('undeclared', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topics'))
    )
    op.create_table('validators',
    sa.Column('url_key', sa.String(length=32), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('etag', sa.Text(), server_default='', nullable=False),
    sa.Column('last_modified', sa.Text(), server_default='', nullable=False),
    sa.Column('body_hash', sa.String(length=64), server_default='', nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('url_key', name=op.f('pk_validators'))
    )
    op.create_table('addresses',
    sa.Column('url_key', sa.String(length=32), nullable=False),
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_addresses_item')),
    sa.PrimaryKeyConstraint('url_key', name=op.f('pk_addresses'))
    )
    op.create_index(op.f('ix_addresses_item'), 'addresses', ['item'], unique=False)
    op.create_table('attempts',
    sa.Column('delivery', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('started', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['delivery'], ['deliveries.id'], name=op.f('fk_attempts_delivery')),
    sa.PrimaryKeyConstraint('delivery', 'number', name=op.f('pk_attempts'))
    )
    op.create_table('delivered_items',
    sa.Column('subscription', sa.String(length=64), nullable=False),
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('delivery', sa.String(length=40), nullable=False),
    sa.Column('to', sa.Text(), nullable=False),
    sa.Column('how', sa.String(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_delivered_items_item')),
    sa.PrimaryKeyConstraint('subscription', 'item', name=op.f('pk_delivered_items'))
    )
    op.create_index(op.f('ix_delivered_items_delivery'), 'delivered_items', ['delivery'], unique=False)
    op.create_index(op.f('ix_delivered_items_item'), 'delivered_items', ['item'], unique=False)
    op.create_index(op.f('ix_delivered_items_to'), 'delivered_items', ['to'], unique=False)
    op.create_table('feedback',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('judgement', sa.String(length=16), nullable=False),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('version', sa.String(length=64), server_default='', nullable=False),
    sa.Column('by', sa.String(length=64), server_default='', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_feedback_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback'))
    )
    op.create_index(op.f('ix_feedback_item'), 'feedback', ['item'], unique=False)
    op.create_table('fingerprints',
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('sketch', sa.LargeBinary(), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('anchors', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_fingerprints_item')),
    sa.PrimaryKeyConstraint('item', name=op.f('pk_fingerprints'))
    )
    op.create_table('item_anchors',
    sa.Column('anchor', sa.String(length=80), nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_item_anchors_item')),
    sa.PrimaryKeyConstraint('anchor', 'day', 'item', name=op.f('pk_item_anchors'))
    )
    op.create_index(op.f('ix_item_anchors_item'), 'item_anchors', ['item'], unique=False)
    op.create_table('item_bands',
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_item_bands_item')),
    sa.PrimaryKeyConstraint('value', 'item', name=op.f('pk_item_bands'))
    )
    op.create_index(op.f('ix_item_bands_item'), 'item_bands', ['item'], unique=False)
    op.create_table('matches',
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('version', sa.String(length=64), server_default='', nullable=False),
    sa.Column('matched_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_matches_item')),
    sa.PrimaryKeyConstraint('item', 'topic', name=op.f('pk_matches'))
    )
    op.create_index(op.f('ix_matches_topic'), 'matches', ['topic'], unique=False)
    op.create_table('sightings',
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('guid_hash', sa.String(length=32), server_default='', nullable=False),
    sa.Column('stamp', sa.Text(), server_default='', nullable=False),
    sa.Column('first_seen', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_sightings_item')),
    sa.PrimaryKeyConstraint('source', 'item', name=op.f('pk_sightings'))
    )
    op.create_index(op.f('ix_sightings_guid_hash'), 'sightings', ['guid_hash'], unique=False)
    op.create_index(op.f('ix_sightings_item'), 'sightings', ['item'], unique=False)
    op.create_table('story_links',
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('other', sa.String(length=32), nullable=False),
    sa.Column('relation', sa.String(length=16), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('anchors', sa.JSON(), nullable=False),
    sa.Column('veto', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_story_links_item')),
    sa.ForeignKeyConstraint(['other'], ['items.id'], name=op.f('fk_story_links_other')),
    sa.PrimaryKeyConstraint('item', 'other', name=op.f('pk_story_links'))
    )
    op.create_index(op.f('ix_story_links_other'), 'story_links', ['other'], unique=False)
    op.create_table('story_pins',
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('other', sa.String(length=32), nullable=False),
    sa.Column('together', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item'], ['items.id'], name=op.f('fk_story_pins_item')),
    sa.ForeignKeyConstraint(['other'], ['items.id'], name=op.f('fk_story_pins_other')),
    sa.PrimaryKeyConstraint('item', 'other', name=op.f('pk_story_pins'))
    )
